import * as cdk from 'aws-cdk-lib';
import * as apigatewayv2 from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpUrlIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';

class PetsApi extends cdk.NestedStack {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const api = new apigatewayv2.HttpApi(this, 'Api', { createDefaultStage: false });
    const [route] = api.addRoutes({
      path: '/pets',
      methods: [apigatewayv2.HttpMethod.GET],
      integration: new HttpUrlIntegration('List', 'https://example.com/pets'),
    });
    const stage = new apigatewayv2.HttpStage(this, 'Live', { httpApi: api, stageName: 'live', autoDeploy: true });
    const cfnStage = stage.node.defaultChild as apigatewayv2.CfnStage;
    cfnStage.routeSettings = {
      'GET /pets': { throttlingBurstLimit: 10, throttlingRateLimit: 5 },
    };
  }
}

const app = new cdk.App();
const stack = new cdk.Stack(app, 'Pets', { env: { account: '123456789012', region: 'eu-west-1' } });
new PetsApi(stack, 'Api');
